import { readFileSync } from 'node:fs';

/** Where Kubernetes tells a pod in which namespace it runs. */
const NAMESPACE_FILE =
  '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The namespace that this back end runs in, if it runs in a cluster. */
export function readOwnNamespace(
  file: string = NAMESPACE_FILE,
): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
