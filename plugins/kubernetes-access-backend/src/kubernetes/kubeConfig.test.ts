import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ManualClock } from '../testUtils/ManualClock';
import { endpointOf } from './kubeConfig';

const SERVER = 'https://cluster.example:6443';
const CA = '-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----\n';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function kubeconfig(user: object, cluster: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'one',
        cluster: {
          server: SERVER,
          'certificate-authority-data': base64(CA),
          ...cluster,
        },
      },
      { name: 'two', cluster: { server: 'https://two.example' } },
    ],
    users: [{ name: 'user', user }],
    contexts: [
      { name: 'one', context: { cluster: 'one', user: 'user' } },
      { name: 'two', context: { cluster: 'two', user: 'user' } },
    ],
    'current-context': 'one',
  });
}

describe('endpointOf', () => {
  let folder: string;
  let clock: ManualClock;
  const monotonic = () => clock.monotonic();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ka-'));
    clock = new ManualClock();
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function file(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it('reads server, trust and token from a kubeconfig', async () => {
    const path = await file('kubeconfig', kubeconfig({ token: 'first' }));

    const endpoint = await endpointOf({ kind: 'kubeconfig', file: path });

    expect(endpoint.server).toBe(SERVER);
    expect(String(endpoint.tls.ca)).toBe(CA);
    expect(endpoint.tls.rejectUnauthorized).toBe(true);
    expect(await endpoint.authorize()).toEqual({
      authorization: 'Bearer first',
    });
  });

  it('takes the context that was asked for', async () => {
    const path = await file('kubeconfig', kubeconfig({ token: 'first' }));

    const endpoint = await endpointOf({
      kind: 'kubeconfig',
      file: path,
      context: 'two',
    });

    expect(endpoint.server).toBe('https://two.example');
  });

  it('says which context of a kubeconfig leads nowhere', async () => {
    const path = await file('kubeconfig', kubeconfig({ token: 'first' }));

    await expect(
      endpointOf({ kind: 'kubeconfig', file: path, context: 'three' }),
    ).rejects.toThrow("The kubeconfig has no cluster for its context 'three'");
  });

  it('reads certificates, which are no headers', async () => {
    const path = await file(
      'kubeconfig',
      kubeconfig({
        'client-certificate-data': base64('cert'),
        'client-key-data': base64('key'),
      }),
    );

    const endpoint = await endpointOf({ kind: 'kubeconfig', file: path });

    expect(String(endpoint.tls.cert)).toBe('cert');
    expect(String(endpoint.tls.key)).toBe('key');
    expect(await endpoint.authorize()).toEqual({});
  });

  it('trusts whom it is told to', async () => {
    const caFile = await file('ca.crt', CA);
    const token = { kind: 'token', server: SERVER } as const;

    const withFile = await endpointOf({
      ...token,
      caFile,
      skipTlsVerify: false,
      serviceAccountToken: 'first',
    });
    const blind = await endpointOf({
      ...token,
      skipTlsVerify: true,
      serviceAccountToken: 'first',
    });

    expect(String(withFile.tls.ca)).toBe(CA);
    expect(withFile.tls.rejectUnauthorized).toBe(true);
    expect(blind.tls.rejectUnauthorized).toBe(false);
  });

  it('sends no token over a connection that anybody can read', async () => {
    await expect(
      endpointOf({
        kind: 'token',
        server: 'http://cluster.example',
        skipTlsVerify: false,
        serviceAccountToken: 'first',
      }),
    ).rejects.toThrow('HTTP protocol is not allowed');
  });

  describe('a token in a file', () => {
    async function endpointWithTokenFile(tokenFile: string) {
      return endpointOf(
        { kind: 'token', server: SERVER, skipTlsVerify: false, tokenFile },
        monotonic,
      );
    }

    it('is read again when it changed', async () => {
      const tokenFile = await file('token', 'first');
      const { authorize } = await endpointWithTokenFile(tokenFile);
      expect(await authorize()).toEqual({ authorization: 'Bearer first' });

      await file('token', 'second');
      await clock.advance(10_000);

      expect(await authorize()).toEqual({ authorization: 'Bearer second' });
    });

    it('may end with a newline', async () => {
      const tokenFile = await file('token', 'first\n');
      const { authorize } = await endpointWithTokenFile(tokenFile);

      expect(await authorize()).toEqual({ authorization: 'Bearer first' });
    });

    it('counts on while the file is being replaced', async () => {
      const tokenFile = await file('token', 'first');
      const { authorize } = await endpointWithTokenFile(tokenFile);
      await authorize();

      await rm(tokenFile);
      await clock.advance(10_000);
      expect(await authorize()).toEqual({ authorization: 'Bearer first' });

      await file('token', 'second');
      await clock.advance(10_000);
      expect(await authorize()).toEqual({ authorization: 'Bearer second' });
    });

    it('must be there at first', async () => {
      await expect(endpointWithTokenFile(join(folder, 'none'))).rejects.toThrow(
        'ENOENT',
      );
    });
  });

  describe('a kubeconfig that changes', () => {
    it('is read again for its token', async () => {
      const path = await file('kubeconfig', kubeconfig({ token: 'first' }));
      const { authorize } = await endpointOf(
        { kind: 'kubeconfig', file: path },
        monotonic,
      );
      await authorize();

      await file('kubeconfig', kubeconfig({ token: 'second' }));
      await clock.advance(9_999);
      expect(await authorize()).toEqual({ authorization: 'Bearer first' });
      await clock.advance(1);

      expect(await authorize()).toEqual({ authorization: 'Bearer second' });
    });

    it('hands the token of another server to nobody', async () => {
      const path = await file('kubeconfig', kubeconfig({ token: 'first' }));
      const { authorize } = await endpointOf(
        { kind: 'kubeconfig', file: path },
        monotonic,
      );
      await authorize();

      await file(
        'kubeconfig',
        kubeconfig({ token: 'other' }, { server: 'https://other.example' }),
      );
      await clock.advance(10_000);

      expect(await authorize()).toEqual({ authorization: 'Bearer first' });
    });
  });
});
