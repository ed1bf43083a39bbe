import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type Server } from 'node:tls';
import type { Logger } from 'pino';
import type { Metrics } from '../observability/metrics.ts';
import { watchFiles } from './watched-files.ts';

/** A certificate chain with its key, both in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** The certificate of two files, always the one that stands there now. Files that do not fit together leave the last good one. */
export class CertificateSource {
  readonly #files: CertificateFiles;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #unwatch: () => void;
  #current: Certificate;
  #server: Server | undefined;

  private constructor(files: CertificateFiles, current: Certificate, logger: Logger, metrics: Metrics) {
    this.#files = files;
    this.#current = current;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#tellExpiry();
    this.#unwatch = watchFiles([files.cert, files.key], () => void this.reload());
  }

  /** @throws {Error} when the files can not be read or do not fit together, with one line that says why */
  static async open(files: CertificateFiles, logger: Logger, metrics: Metrics): Promise<CertificateSource> {
    return new CertificateSource(files, await readCertificate(files), logger, metrics);
  }

  get current(): Certificate {
    return this.#current;
  }

  /** Names the server that new certificates go to. Connections that stand keep the one they began with. */
  serve(server: Server): void {
    this.#server = server;
  }

  /** Reads the files again. It never rejects. */
  async reload(): Promise<void> {
    try {
      const read = await readCertificate(this.#files);
      if (read.cert.equals(this.#current.cert) && read.key.equals(this.#current.key)) return;
      this.#server?.setSecureContext(read);
      this.#current = read;
      this.#tellExpiry();
      this.#metrics.httpReloads.inc({ what: 'certificate', result: 'ok' });
      const { subject, validTo } = new X509Certificate(read.cert);
      this.#logger.info({ code: 'HTTP_CERTIFICATE_RELOADED', subject, validTo }, 'took the new certificate');
    } catch (error) {
      this.#metrics.httpReloads.inc({ what: 'certificate', result: 'failed' });
      const problem = error instanceof Error ? error.message : String(error);
      this.#logger.error({ code: 'HTTP_CERTIFICATE_UNUSABLE', problem }, 'the former certificate stays');
    }
  }

  close(): void {
    this.#unwatch();
  }

  #tellExpiry(): void {
    const { validTo } = new X509Certificate(this.#current.cert);
    this.#metrics.httpCertificateExpiry.set(Date.parse(validTo) / 1_000);
  }
}

async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
  try {
    createSecureContext({ cert, key });
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) throw new Error('they do not fit together');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the certificate ${files.cert} can not be used with the key ${files.key}: ${reason}`, {
      cause: error,
    });
  }
  return { cert, key };
}
