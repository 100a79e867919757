import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** As many as a server may have said at once: with pipelining, one to each of a hundred recipients and a few besides. */
const REPLIES_MAX = 1_000;

/** What of nodemailer 10 is not told outside. */
interface Reader {
  _responseQueue: string[];
  _onData(chunk: Buffer): void;
  _onResponseTooLarge(): void;
}

/**
 * nodemailer bounds the size of a reply, but not how many it keeps. Empty lines are passed over, each in a turn of the
 * event loop of its own and at the cost of moving all behind it: a server that sent them for a few seconds would occupy
 * the process for minutes.
 */
const reader = SMTPConnection.prototype as unknown as Reader;
const onData = reader._onData;
reader._onData = function (chunk) {
  onData.call(this, chunk);
  if (this._responseQueue.length > REPLIES_MAX) this._onResponseTooLarge();
};
