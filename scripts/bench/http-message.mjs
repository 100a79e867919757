/** Length of the first HTTP message of a text, body included; 0 while the message is incomplete. */
export function messageLength(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0;
  const total = head + 4 + Number(length);
  return text.length < total ? 0 : total;
}

/** The bytes of a POST request. They are built before a measure starts, so that building them takes none of its time. */
export function postMessage({ path, headers, body }, events) {
  const content = Buffer.from(JSON.stringify(body(events)));
  const lines = Object.entries({ ...headers, host: '127.0.0.1', 'content-length': content.length });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), content]);
}
