import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
/** Type A, class IN. */
const A_RECORD = 0x0001_0001;
/** Response, recursion available. */
const FLAGS = 0x8180;
const NXDOMAIN = 3;
const TTL_SECONDS = 0;
const OWNER_IS_QUESTION = 0xc00c;

/** What the name server says of every name: these addresses, or that there is no such name. */
export type DnsAnswer = readonly string[] | 'NXDOMAIN';

/**
 * A name server for the hosts of a lab. It has one answer for whatever it is asked, and no memory, so a change of the answer holds at
 * the next question.
 */
export class DnsServer {
  answer: DnsAnswer = [];
  /** Questions for an A record. */
  asked = 0;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (query, { port, address }) => socket.send(this.#reply(query), port, address));
  }

  /** @throws {Error} when port 53 of the address can not be bound */
  static async listen(address: string): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(53, address);
    await once(socket, 'listening');
    return new DnsServer(socket);
  }

  close(): void {
    this.#socket.close();
  }

  /** Echoes the question, and answers it if it is for an A record. A name has no records of other types. */
  #reply(query: Buffer): Buffer {
    const endOfName = query.indexOf(0, HEADER_BYTES);
    const question = query.subarray(HEADER_BYTES, endOfName + 5);
    const isForAddress = query.readUInt32BE(endOfName + 1) === A_RECORD;
    if (isForAddress) this.asked += 1;
    const addresses = isForAddress && this.answer !== 'NXDOMAIN' ? this.answer : [];
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(FLAGS | (this.answer === 'NXDOMAIN' ? NXDOMAIN : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    return Buffer.concat([header, question, ...addresses.map(addressRecord)]);
  }
}

function addressRecord(address: string): Buffer {
  const octets = address.split('.').map(Number);
  const record = Buffer.alloc(HEADER_BYTES);
  record.writeUInt16BE(OWNER_IS_QUESTION, 0);
  record.writeUInt32BE(A_RECORD, 2);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(octets.length, 10);
  return Buffer.concat([record, Buffer.from(octets)]);
}
