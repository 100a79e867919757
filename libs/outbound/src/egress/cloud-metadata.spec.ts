import { describe, expect, it } from 'vitest';
import { loadConfig } from '#libs/config';
import { createEgressGuard } from './egress-guard.js';

/** Metadata services and credential services of machines and containers. */
const METADATA: readonly [provider: string, addresses: readonly string[]][] = [
  ['Alibaba Cloud', ['100.100.100.200', 'fd00:100::100:200']],
  ['AWS', ['169.254.169.254', 'fd00:ec2::254']],
  ['AWS, containers', ['169.254.170.2', '169.254.170.23', 'fd00:ec2::23']],
  ['Azure', ['169.254.169.254', '168.63.129.16']],
  ['DigitalOcean, Equinix Metal, Hetzner, Huawei, IBM, Vultr', ['169.254.169.254']],
  ['Google Cloud', ['169.254.169.254', 'fd20:ce::254']],
  ['Linode', ['169.254.169.254', 'fd00:a9fe:a9fe::1']],
  ['OpenStack', ['169.254.169.254', 'fe80::a9fe:a9fe', 'fe80::a9fe:a9fe%eth0']],
  ['Oracle Cloud', ['169.254.169.254', '192.0.0.192', 'fd00:c1::a9fe:a9fe']],
  ['Scaleway', ['169.254.42.42', 'fd00:42::42']],
  ['Tencent Cloud', ['169.254.0.23']],
  ['Volcengine', ['100.96.0.96']],
];

/** Addresses by which a connection reaches an IPv4 address over IPv6. */
function embedded(ipv4: string): string[] {
  const hex = ipv4.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const [high, low] = [`${hex[0]}${hex[1]}`, `${hex[2]}${hex[3]}`];
  return [
    `::ffff:${ipv4}`,
    `::ffff:${high}:${low}`,
    `::ffff:0:${ipv4}`,
    `::${ipv4}`,
    `64:ff9b::${ipv4}`,
    `2002:${high}:${low}::1`,
  ];
}

describe.each([
  ['standalone', { TOCSIN_STANDALONE: 'true' }],
  ['elsewhere', {}],
])('by default, %s', (_mode, env) => {
  const mayReach = createEgressGuard(loadConfig(env).egressDeny);

  it.each(METADATA)('deliveries do not reach the metadata service of %s', (_provider, addresses) => {
    const all = addresses.flatMap((address) => [address, ...(address.includes(':') ? [] : embedded(address))]);
    expect(all.filter(mayReach)).toEqual([]);
  });

  it.each(['100.100.100.201', '100.64.0.1', '168.63.129.17', '192.0.2.1', 'fd00:ec3::254', 'fd20:ce::253', '10.0.0.1'])(
    'deliveries reach %s',
    (address) => expect(mayReach(address)).toBe(true),
  );
});
