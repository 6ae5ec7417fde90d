import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { answerPings } from './answerPings';
import { apiErrorFrom, KubeConnectionError } from './errors';
import type { Endpoint } from './kubeConfig';
import { podsPath } from './paths';
import { type ExecRequest, OWN_IDENTITY } from './types';
import type { WarmConnections } from './WarmConnections';

/** v5 can close stdin; v4 is what older API servers speak (KEP-4006). */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** The API server sends frames of at most 32 KiB; this leaves room, and bounds what a broken one makes us hold. */
const MAX_FRAME_BYTES = 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;

/**
 * Opens an exec stream and resolves when it is open and paused: nothing is lost before somebody listens.
 * With the token of a grant it logs in with that and with nothing else; the back end's own certificate stays out of it.
 *
 * @param warm - where there may be a connection already
 * @throws KubeApiError with the status of the refusal
 * @throws KubeConnectionError when there is no answer
 */
export async function openExec(
  endpoint: Endpoint,
  request: ExecRequest,
  warm?: Pick<WarmConnections, 'take'>,
): Promise<WebSocket> {
  const { tls, headers } = await loginOf(endpoint, request.token);
  // What is our own, such as a certificate, is shown when a connection begins.
  const waiting = request.token === OWN_IDENTITY ? undefined : warm?.take();
  const socket = new WebSocket(urlOf(endpoint, request), PROTOCOLS, {
    ...tls,
    ...(waiting
      ? { createConnection: () => waiting.setTimeout(request.timeoutMs) }
      : {}),
    handshakeTimeout: request.timeoutMs,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    autoPong: false,
    followRedirects: false,
    headers: {
      ...headers,
      'user-agent': request.userAgent,
      'audit-id': request.auditId,
    },
  });
  const what = `exec in ${request.namespace}/${request.pod}/${request.container}`;
  answerPings(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (upgrade, response) => {
      readRefusal(response)
        .then(body =>
          reject(apiErrorFrom(what, response.statusCode ?? 500, body)),
        )
        .catch(reject)
        .finally(() => upgrade.destroy());
    });
    // Stays for good: an error must never go unheard, and a close always follows it.
    socket.on('error', error => {
      reject(
        new KubeConnectionError(`${what}: ${error.message}`, { cause: error }),
      );
    });
  });
}

async function loginOf(endpoint: Endpoint, token: ExecRequest['token']) {
  if (token === OWN_IDENTITY) {
    return { tls: endpoint.tls, headers: await endpoint.authorize() };
  }
  // `ws` hands what it does not know to `tls.connect`, where `servername` belongs; its types leave that out.
  const { ca, servername, rejectUnauthorized } = endpoint.tls;
  return {
    tls: { ca, servername, rejectUnauthorized },
    headers: { authorization: `Bearer ${token}` },
  };
}

function urlOf(endpoint: Endpoint, request: ExecRequest): string {
  const { namespace, pod, container, command, tty, stdin } = request;
  const query = new URLSearchParams({
    container,
    stdin: String(stdin),
    stdout: 'true',
    // With a terminal everything comes on stdout; asking for stderr too is refused.
    stderr: String(!tty),
    tty: String(tty),
  });
  command.forEach(argument => query.append('command', argument));
  return `${endpoint.server.replace(/^http/, 'ws')}${podsPath(
    namespace,
    pod,
  )}/exec?${query}`;
}

/** What came of the body: the status is known in any case. */
async function readRefusal(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      size += chunk.length;
      if (size > MAX_REFUSAL_BYTES) {
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    // The connection broke off or was given up.
  }
  return Buffer.concat(chunks).toString('utf8');
}
