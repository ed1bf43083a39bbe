import { describe, expect, it } from 'vitest';
import { formatHostPort, parseHostPort, parseTarget } from '../../../src/config/address.ts';

describe('host:port', () => {
  it.each([
    ['127.0.0.1:7946', '127.0.0.1', 7946],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['[::]:7946', '::', 7946],
    ['[2001:DB8:0:0::7]:65535', '2001:db8::7', 65_535],
    ['Node-1.Example.COM:1', 'node-1.example.com', 1],
    ['my_service:80', 'my_service', 80],
    ['example.com.:80', 'example.com.', 80],
  ])('reads %s', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });

  it.each([
    '',
    'host',
    ':80',
    'host:',
    'host:x',
    'host:-1',
    'host:65536',
    'host:000080',
    '::1:80',
    '[::1]',
    '[::1]80',
    '[::g]:80',
    '[fe80::1%eth0]:80',
    '[127.0.0.1]:80',
    '300.1.1.1:80',
    '1.2.3:80',
    '-a:80',
    'a-:80',
    'a..b:80',
    'a b:80',
    'http://a:80',
    `${'a'.repeat(64)}:80`,
    `${'a.'.repeat(127)}a:80`,
  ])('refuses %j', (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  });

  it('puts IPv6 in brackets', () => {
    expect(formatHostPort({ host: '::1', port: 8080 })).toBe('[::1]:8080');
    expect(formatHostPort({ host: 'a', port: 8080 })).toBe('a:8080');
  });
});

describe('bootstrap targets', () => {
  it.each([
    ['10.0.0.1:7946', '10.0.0.1:7946'],
    ['[2001:db8::0]:7946', '[2001:db8::]:7946'],
    ['DNS://Muster.Example.com:7946', 'dns://muster.example.com:7946'],
    ['dns+srv://_gossip._tcp.Muster.example.com', 'dns+srv://_gossip._tcp.muster.example.com'],
  ])('reads %s', (text, target) => {
    expect(parseTarget(text)).toEqual({ ok: true, value: target });
  });

  it.each([
    'a',
    'a:0',
    'dns://a',
    'dns://a:0',
    'dns://10.0.0.1:7946',
    'dns://[::1]:7946',
    'dns+srv://a.example.com',
    'dns+srv://_gossip._tcp',
    'dns+srv://_gossip._tcp.',
    'dns+srv://_gossip._tcp.a:7946',
    'srv://_gossip._tcp.a',
    'http://a:80',
    '://a:80',
  ])('refuses %j', (text) => {
    expect(parseTarget(text).ok).toBe(false);
  });
});
