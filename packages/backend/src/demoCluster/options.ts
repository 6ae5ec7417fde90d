import { parseArgs } from 'node:util';
import { StartClusterOptions } from '@kubernetes-access/dev-cluster';

export interface DemoClusterOptions {
  cluster: StartClusterOptions;
  /** The cluster was there before and stays. */
  keep: boolean;
}

/** Reads the command line of the process that runs the demo's cluster. */
export function readOptions(args: string[]): DemoClusterOptions {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', default: 'demo' },
      keep: { type: 'boolean', default: false },
      'audit-log': { type: 'boolean' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      image: { type: 'string' },
    },
  });
  const { name, keep, kubeconfig, context, image } = values;
  const ownCluster = kubeconfig ?? context ?? image;
  if (ownCluster === undefined) {
    return { keep, cluster: { name, auditLog: values['audit-log'] } };
  }

  if (!context) {
    throw new Error(
      'A cluster of your own is used only when you name it: add --context and one of `kubectl config get-contexts`.',
    );
  }
  return {
    keep,
    cluster: { name, provider: 'external', kubeconfig, context, image },
  };
}
