/**
 * Addresses denied by default: unspecified ones, which the kernel routes to this machine, and link-local ones, at which
 * clouds serve credentials. The mapped forms are the same IPv4 ranges. `libs/outbound/src/egress/egress-guard.ts` checks
 * every connection against the list.
 */
const ALWAYS = ['0.0.0.0/8', '::/128', '::ffff:0.0.0.0/104', '169.254.0.0/16', 'fe80::/10', '::ffff:169.254.0.0/112'];

/**
 * Addresses at which clouds serve credentials and settings of a machine, outside the link-local ranges. Those of AWS, Google
 * Cloud, Azure, DigitalOcean, Huawei, IBM, OpenStack, Oracle, Tencent and others over IPv4 are link-local.
 */
const CLOUD_METADATA: readonly { readonly provider: string; readonly range: string }[] = [
  // https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  { provider: 'Alibaba Cloud', range: '100.100.100.200/32' },
  { provider: 'Alibaba Cloud', range: 'fd00:100::100:200/128' },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html; time and DNS servers are in it too
  { provider: 'AWS', range: 'fd00:ec2::/32' },
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  { provider: 'Azure', range: '168.63.129.16/32' },
  // https://cloud.google.com/compute/docs/metadata/querying-metadata
  { provider: 'Google Cloud', range: 'fd20:ce::254/128' },
  // https://techdocs.akamai.com/cloud-computing/docs/metadata-service-api
  { provider: 'Linode', range: 'fd00:a9fe:a9fe::1/128' },
  { provider: 'Oracle Cloud', range: '192.0.0.192/32' },
  { provider: 'Oracle Cloud', range: 'fd00:c1::a9fe:a9fe/128' },
  // https://docs.cloud-init.io/en/latest/reference/datasources/scaleway.html
  { provider: 'Scaleway', range: 'fd00:42::42/128' },
  // https://www.volcengine.com/docs/6396/72589
  { provider: 'Volcengine', range: '100.96.0.96/32' },
];
const LOOPBACK = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104'];

/** Denied ranges by default. In standalone mode loopback is allowed, since receivers often run on the same machine. */
export const defaultEgressDeny = (standalone: boolean): readonly string[] => [
  ...ALWAYS,
  ...CLOUD_METADATA.map(({ range }) => range),
  ...(standalone ? [] : LOOPBACK),
];
