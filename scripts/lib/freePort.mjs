import { createServer } from 'node:net';

/** The port that is wanted, or any free one when it is taken. */
export async function freePort(wanted) {
  return (await canListen(wanted)) ?? (await canListen(0));
}

function canListen(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}
