import { expect, test } from 'vitest';
import { isAddress } from '../../../src/wire/address.ts';

test.each([
  '127.0.0.1:1',
  '0.0.0.0:65535',
  'localhost:7946',
  'a:1',
  'prod-eu.example.com:7946',
  'prod-eu.example.com.:7946',
  'my_service_1:7946',
  '1password.example:443',
  '[::1]:7946',
  '[::]:7946',
  '[2001:db8::7]:7946',
  '[::ffff:10.0.0.1]:7946',
  `${`${'a'.repeat(63)}.`.repeat(3)}${'a'.repeat(61)}:65535`,
])('%s is an address', (text) => {
  expect(isAddress(text)).toBe(true);
});

test.each([
  '',
  ':7946',
  'localhost',
  'localhost:',
  'localhost:0',
  'localhost:65536',
  'localhost:99999',
  'localhost:007',
  'localhost:+1',
  'localhost:1 ',
  ' localhost:1',
  'local host:1',
  'localhost:1\n',
  'http://localhost:1',
  'user@localhost:1',
  'localhost:1/path',
  '-a.example:1',
  'a-.example:1',
  'a..b:1',
  '.:1',
  '.a:1',
  '256.0.0.1:1',
  '1.2.3:1',
  '1.2.3.4.5:1',
  '01.2.3.4:1',
  '::1:7946',
  '[::1]',
  '[:::1]:1',
  '[fe80::1%eth0]:1',
  '[localhost]:1',
  '[1.2.3.4]:1',
  'höst:1',
  `${'a'.repeat(64)}.example:1`,
  `${`${'a'.repeat(63)}.`.repeat(3)}${'a'.repeat(62)}:65535`,
  `${'1'.repeat(1000)}:1`,
])('%j is none', (text) => {
  expect(isAddress(text)).toBe(false);
});
