import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './redis-address.js';

describe('parseRedisUrl', () => {
  it.each([
    'redis://localhost',
    'redis://:secret@10.0.0.1:6380/2',
    'rediss://u:p@cache.example.org:6379',
    'unix:///run/redis.sock',
    'unix:///run/redis.sock?db=3',
  ])('keeps %s as it is', (url) => {
    expect(parseRedisUrl(url)).toEqual({ kind: 'single', url });
  });

  it('reads a Sentinel list', () => {
    expect(parseRedisUrl('redis-sentinel://u:p%40ss@s1:26379,s2:26380/main?db=4')).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26380 },
      ],
      name: 'main',
      username: 'u',
      password: 'p@ss',
      db: 4,
      tls: false,
    });
    expect(parseRedisUrl('rediss-sentinel://s1:1/m')).toMatchObject({ tls: true, name: 'm' });
  });

  it('reads a Cluster list', () => {
    expect(parseRedisUrl('rediss-cluster://:p@[::1]:7000,10.0.0.2:7001')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: '::1', port: 7000 },
        { host: '10.0.0.2', port: 7001 },
      ],
      password: 'p',
      tls: true,
    });
    expect(parseRedisUrl('redis-cluster://a:1,b:2')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      tls: false,
    });
  });

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://host/name',
    'redis://host:99999',
    'unix://run/redis.sock',
    'redis-sentinel://s1:26379',
    'redis-sentinel://s1/main',
    'redis-sentinel://s1:26379/main?x=1',
    'redis-cluster://a:1,b',
    'redis-cluster://a:1,b:70000',
    'redis-cluster://a:1/0',
    'redis-cluster://pass@a:1',
    'redis-cluster://u:%zz@a:1',
  ])('refuses %s', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});
