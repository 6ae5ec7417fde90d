import { ClusterInfo, Log } from '../Cluster';

export interface ProviderContext {
  name: string;
  /** The cluster's own folder. Nobody else starts or stops this cluster meanwhile. */
  folder: string;
  log: Log;
  /** Aborted, with an error that says so, when whoever asked for the cluster wants it no more. */
  signal?: AbortSignal;
}

/** One way to come by a cluster. */
export interface ClusterProvider<TOptions> {
  readonly name: string;
  /** Makes a cluster that answers; the folder is there and empty. When it fails, `stop` is called. */
  start(context: ProviderContext, options: TOptions): Promise<ClusterInfo>;
  /** Whether a cluster that was started earlier is what these options ask for. */
  suits(info: ClusterInfo, options: TOptions): boolean;
  /** Whether the cluster answers now. */
  isHealthy(info: ClusterInfo): Promise<boolean>;
  /**
   * Takes back all that `start` made outside of the folder, even if it was interrupted; does nothing when there is nothing. The folder
   * is removed afterwards.
   */
  stop(context: ProviderContext): Promise<void>;
}
