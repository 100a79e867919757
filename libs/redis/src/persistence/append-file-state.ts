import { readField } from '../connection/redis-info.js';

/** State of the append-only file of one node, as INFO shows it. */
export interface AppendFileState {
  isEnabled: boolean;
  /** Whether the last write succeeded. After a failed one Redis keeps the bytes in memory. */
  isWritten: boolean;
  /** Whether the last rewrite succeeded. */
  isRewritten: boolean;
  isRewriting: boolean;
  /** Number of rewrites that have begun since the start of Redis; undefined before Redis 7. */
  rewrites: number | undefined;
  /** Size of the files, in bytes. */
  bytes: number;
  /** Bytes of answered commands that are not in the file yet. */
  bufferedBytes: number;
}

/** Reads the section `persistence` of INFO. */
export function readAppendFileState(info: string): AppendFileState {
  const numberOf = (name: string): number => Number(readField(info, name) ?? 0);
  const rewrites = readField(info, 'aof_rewrites');
  return {
    isEnabled: readField(info, 'aof_enabled') === '1',
    isWritten: (readField(info, 'aof_last_write_status') ?? 'ok') === 'ok',
    isRewritten: (readField(info, 'aof_last_bgrewrite_status') ?? 'ok') === 'ok',
    isRewriting: numberOf('aof_rewrite_in_progress') + numberOf('aof_rewrite_scheduled') > 0,
    rewrites: rewrites === undefined ? undefined : Number(rewrites),
    bytes: numberOf('aof_current_size'),
    bufferedBytes: numberOf('aof_buffer_length'),
  };
}
