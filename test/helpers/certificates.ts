import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A certificate that signs itself, for 127.0.0.1 and `localhost`, good for a day. */
export async function selfSigned(name: string): Promise<{ readonly cert: string; readonly key: string }> {
  const altNames = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + 24 * 60 * 60 * 1_000),
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  return { cert: made.cert, key: made.private };
}

/** Writes a new certificate and its key into a directory, over those that were there. */
export async function writeCertificate(directory: string, name: string) {
  const { cert, key } = await selfSigned(name);
  const files = { cert: join(directory, 'tls.crt'), key: join(directory, 'tls.key') };
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  return { ...files, ca: cert };
}
