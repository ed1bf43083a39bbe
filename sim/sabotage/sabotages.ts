import { DETECTION } from './detection.ts';
import { EXCHANGE } from './exchange.ts';
import { RECORDS } from './records.ts';
import type { Sabotage } from './sabotage.ts';

/** One broken rule each. */
export const SABOTAGES: readonly Sabotage[] = [...RECORDS, ...EXCHANGE, ...DETECTION];
