import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket and not a file with a process id: it answers only while its owner lives, whoever has that id by then. */
const socketOf = folder =>
  // Paths of sockets must be short, those of folders may be long.
  join(
    tmpdir(),
    `kubernetes-access-${createHash('sha256')
      .update(folder)
      .digest('hex')
      .slice(0, 16)}.sock`,
  );

/** Makes this process the owner of a folder until it ends. `facts()` is what others get to know of it. */
export async function own(folder, facts) {
  const socket = socketOf(folder);
  // What an owner left that was killed.
  rmSync(socket, { force: true });
  const server = createServer(connection => {
    connection.on('error', () => {});
    connection.end(JSON.stringify(facts()));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  server.unref();
  return server;
}

/** What the living owner of a folder says of itself; nothing when there is none. */
export function ownerOf(folder) {
  return new Promise(resolve => {
    let answer = '';
    const connection = connect(socketOf(folder));
    connection.setEncoding('utf8');
    connection.on('data', data => {
      answer += data;
    });
    connection.once('error', () => resolve(undefined));
    connection.once('end', () => resolve(JSON.parse(answer)));
  });
}
