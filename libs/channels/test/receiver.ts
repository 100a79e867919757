import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The reaction to a request: an answer, or a way of not answering. */
export type Behaviour =
  | { status: number; headers?: Record<string, string>; body?: string | ((request: ReceivedRequest) => string) }
  | 'hang'
  | 'reset'
  | 'close';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  /** The base URL, without a slash at the end. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Sets the behaviour for further requests, also as a function of the request. */
  behave(behaviour: Behaviour | ((request: ReceivedRequest) => Behaviour)): void;
  stop(): Promise<void>;
}

/** Starts a real HTTP server in place of a provider. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  let behaviour: Parameters<Receiver['behave']>[0] = { status: 200, body: 'ok' };

  const server = createServer(async (request, response) => {
    const received = await receive(request);
    requests.push(received);
    answer(typeof behaviour === 'function' ? behaviour(received) : behaviour, received, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave(next) {
      behaviour = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function answer(behaviour: Behaviour, request: ReceivedRequest, response: ServerResponse): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') response.socket?.resetAndDestroy();
  else if (behaviour === 'close') response.destroy();
  else {
    const { status, headers = {}, body = '' } = behaviour;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : body(request));
  }
}
