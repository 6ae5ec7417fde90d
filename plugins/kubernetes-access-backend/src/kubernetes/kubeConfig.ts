import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterCredential } from '../config/types';
import { OwnIdentity } from './OwnIdentity';

/** What it takes to reach an API server and to trust it. */
export interface Endpoint {
  /** Without a slash at the end. */
  server: string;
  /** Trust and, where the back end logs in with a certificate, its own. */
  tls: TlsOptions;
  /** The headers of the back end's own identity, asked for at each call: tokens in files change. */
  authorize(): Promise<Record<string, string>>;
}

export interface TlsOptions {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/**
 * Reads how to reach a cluster. This is the only file that uses @kubernetes/client-node.
 *
 * @param monotonic - for how old a token is
 */
export async function endpointOf(
  credential: ClusterCredential,
  monotonic: () => number = () => performance.now(),
): Promise<Endpoint> {
  const load = () => loadConfig(credential);
  const config = load();
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new Error(
      `The kubeconfig has no cluster for its context '${config.getCurrentContext()}'`,
    );
  }
  const identity = new OwnIdentity({ config, load, monotonic });
  return {
    server: cluster.server.replace(/\/+$/, ''),
    tls: await tlsOf(config, cluster),
    authorize: () => identity.headers(),
  };
}

async function tlsOf(
  config: KubeConfig,
  cluster: { tlsServerName?: string; skipTLSVerify?: boolean },
): Promise<TlsOptions> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(options);
  return {
    ca: asPem(options.ca),
    cert: asPem(options.cert),
    key: asPem(options.key),
    servername: cluster.tlsServerName,
    rejectUnauthorized: !cluster.skipTLSVerify,
  };
}

function loadConfig(credential: ClusterCredential): KubeConfig {
  const config = new KubeConfig();
  switch (credential.kind) {
    case 'inCluster':
      config.loadFromCluster();
      return config;
    case 'kubeconfig':
      config.loadFromFile(credential.file);
      if (credential.context) {
        config.setCurrentContext(credential.context);
      }
      return config;
    default:
      config.loadFromClusterAndUser(
        {
          name: 'cluster',
          server: credential.server,
          caData: credential.caData,
          caFile: credential.caFile,
          skipTLSVerify: credential.skipTlsVerify,
        },
        userOf(credential),
      );
      return config;
  }
}

function userOf(credential: Extract<ClusterCredential, { kind: 'token' }>) {
  return credential.tokenFile
    ? {
        name: 'user',
        authProvider: {
          name: 'tokenFile',
          config: { tokenFile: credential.tokenFile },
        },
      }
    : { name: 'user', token: credential.serviceAccountToken };
}

function asPem(value: unknown): string | Buffer | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value)
    ? value
    : undefined;
}
