import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Maximum replies waiting to be read. With pipelining, a server sends one for each of up to a hundred recipients. */
const REPLIES_MAX = 1_000;

/** Members of nodemailer 10 that have no public type. */
interface Reader {
  _responseQueue: string[];
  _onData(chunk: Buffer): void;
  _onResponseTooLarge(): void;
}

/**
 * Limits the number of replies in nodemailer's queue, which limits only their size. Skipping an empty line takes a turn
 * of the event loop and moves the whole queue, so a server that sends them for seconds could block the process for
 * minutes.
 */
const reader = SMTPConnection.prototype as unknown as Reader;
const onData = reader._onData;
reader._onData = function (chunk) {
  onData.call(this, chunk);
  if (this._responseQueue.length > REPLIES_MAX) this._onResponseTooLarge();
};
