/** Names a point in the changes that one process has seen: `<epoch>-<sequence>`. */
export interface ResumePoint {
  /** Of the process: the sequence begins anew with it. */
  readonly epoch: string;
  /** The number of the last change before the point. */
  readonly sequence: number;
}

const RESUME_ID = /^([0-9A-Za-z]{1,32})-(0|[1-9]\d{0,14})$/;

/** Writes a point as the id of an event. */
export function formatResumeId({ epoch, sequence }: ResumePoint): string {
  return `${epoch}-${sequence}`;
}

/** Reads the id of an event back; undefined when it is none of ours. */
export function parseResumeId(text: string): ResumePoint | undefined {
  const [, epoch, sequence] = RESUME_ID.exec(text) ?? [];
  return epoch === undefined || sequence === undefined ? undefined : { epoch, sequence: Number(sequence) };
}
