import type { KubeConfig } from '@kubernetes/client-node';

/** How old what was read from a file may be. A token that was rotated stays valid for much longer. */
const REREAD_MS = 10_000;

type Headers = Record<string, string>;

/**
 * The headers by which the back end proves who it is. Tokens in files change, so that they are read again every now
 * and then; not for each call, since client-node reads every file of a kubeconfig for that.
 */
export class OwnIdentity {
  readonly #server: string;
  readonly #load: () => KubeConfig;
  readonly #monotonic: () => number;
  #config: KubeConfig;
  #headers: Promise<Headers> | undefined;
  #readAt = -Infinity;

  constructor(options: {
    config: KubeConfig;
    load: () => KubeConfig;
    monotonic: () => number;
  }) {
    this.#config = options.config;
    this.#server = serverOf(options.config) ?? '';
    this.#load = options.load;
    this.#monotonic = options.monotonic;
  }

  async headers(): Promise<Headers> {
    const now = this.#monotonic();
    if (!this.#headers || now - this.#readAt >= REREAD_MS) {
      this.#readAt = now;
      this.#headers = this.#rereadOr(this.#headers);
    }
    return this.#headers;
  }

  /** A file that is being written right now is read at the next time. */
  async #rereadOr(known: Promise<Headers> | undefined): Promise<Headers> {
    try {
      return await this.#reread();
    } catch (error) {
      if (!known) {
        this.#headers = undefined;
        throw error;
      }
      return known;
    }
  }

  async #reread(): Promise<Headers> {
    this.#config = this.#reload();
    return headersOf(this.#config);
  }

  #reload(): KubeConfig {
    if (hasProvider(this.#config)) {
      return this.#config;
    }
    const fresh = this.#load();
    // A token goes to no other server than the one that it was meant for.
    return serverOf(fresh) === this.#server ? fresh : this.#config;
  }
}

/** A program that supplies tokens is asked by client-node when they run out; a new KubeConfig would ask at once. */
function hasProvider(config: KubeConfig): boolean {
  const user = config.getCurrentUser();
  return Boolean(
    user?.exec ?? (user?.authProvider && !user.authProvider.config?.tokenFile),
  );
}

function serverOf(config: KubeConfig): string | undefined {
  return config.getCurrentCluster()?.server;
}

async function headersOf(config: KubeConfig): Promise<Headers> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(options);
  const { Authorization } = (options.headers ?? {}) as Record<string, unknown>;
  // What is read from a file may end with a newline, which no header may hold.
  return typeof Authorization === 'string'
    ? { authorization: Authorization.trim() }
    : {};
}
