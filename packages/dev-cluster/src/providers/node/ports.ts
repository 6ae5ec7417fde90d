import { AddressInfo, createServer, Server } from 'node:net';
import { Ports } from './layout';

/** Ports that are free now. They are all held until the last one is known, so that none is given out twice. */
export async function freePorts(): Promise<Ports> {
  const servers: Server[] = [];
  try {
    for (let i = 0; i < 4; i++) {
      servers.push(await listen());
    }
    const [apiServer, etcd, etcdPeer, kubelet] = servers.map(
      server => (server.address() as AddressInfo).port,
    );
    return { apiServer, etcd, etcdPeer, kubelet };
  } finally {
    await Promise.all(servers.map(close));
  }
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
  });
}
