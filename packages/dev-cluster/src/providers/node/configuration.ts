import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { cniConfig, containerdConfig } from './containerRuntime';
import { kubeconfigFor } from './kubeconfig';
import { kubeletConfig } from './kubelet';
import { Layout, Ports } from './layout';
import { PodNetwork } from './network';
import { Plan } from './plan';

export interface ConfigurationInput {
  layout: Layout;
  ports: Ports;
  plan: Plan;
  /** The name of the context in the administrator's kubeconfig. */
  context: string;
  /** What only a cluster with a node has. */
  node?: { network: PodNetwork; cniPlugins: string };
}

/** Who each request concerned, without the bodies: those may hold tokens. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

export async function writeConfiguration(
  input: ConfigurationInput,
): Promise<void> {
  const { layout, ports, node } = input;
  const kubeconfig = (holder: string) =>
    kubeconfigFor(holder, input.context, layout, ports);
  await fs.mkdir(layout.cniConfig, { recursive: true });
  const ofTheNode: Record<string, string> = node
    ? {
        [join(layout.folder, 'containerd.toml')]: containerdConfig(
          layout,
          node.cniPlugins,
        ),
        [join(layout.cniConfig, '10-pods.conflist')]: json(
          cniConfig(layout, node.network),
        ),
        [join(layout.folder, 'kubelet.json')]: json(
          kubeletConfig(layout, ports),
        ),
        [join(layout.folder, 'kubelet.kubeconfig')]: kubeconfig('kubelet'),
        [join(layout.folder, 'scheduler.kubeconfig')]: kubeconfig('scheduler'),
      }
    : {};
  const files: Record<string, string> = {
    ...ofTheNode,
    [join(layout.folder, 'controller-manager.kubeconfig')]:
      kubeconfig('controller-manager'),
    [join(layout.folder, 'audit-policy.yaml')]: json(AUDIT_POLICY),
    [layout.kubeconfig]: kubeconfig('admin'),
    [layout.plan]: json(input.plan),
  };
  for (const [file, content] of Object.entries(files)) {
    await fs.writeFile(file, content, { mode: 0o600 });
  }
}

function json(content: object): string {
  return JSON.stringify(content, null, 2);
}
