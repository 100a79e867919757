import { expect, it } from 'vitest';
import { signedUrl } from './signature.js';

const SECRET = 'SEC000000000000000000000000000000000000000000000000000000000000test';
const NOW = new Date(1_577_262_236_757);
const SIGNED = 'timestamp=1577262236757&sign=Iu7g%2B2Ugj7gR86dn4AnqJec%2B%2BRnsTohzYInxohS7mIw%3D';

it.each([
  [
    'https://oapi.dingtalk.com/robot/send?access_token=t',
    `https://oapi.dingtalk.com/robot/send?access_token=t&${SIGNED}`,
  ],
  ['http://gateway/ding?a=b%20c+d', `http://gateway/ding?a=b%20c+d&${SIGNED}`],
  ['http://gateway/ding', `http://gateway/ding?${SIGNED}`],
])('adds an encoded signature to %s and changes nothing else', (url, signed) => {
  expect(signedUrl(url, SECRET, NOW)).toBe(signed);
});
