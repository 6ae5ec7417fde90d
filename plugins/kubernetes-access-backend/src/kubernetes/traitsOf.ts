import type { PodTrait } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Pod } from './types';

type Spec = NonNullable<Pod['spec']>;
type Container = NonNullable<Spec['containers']>[number];

/** Every trait with how to tell it, the gravest first. */
const TRAITS: Array<[PodTrait, (pod: Pod) => boolean]> = [
  ['privileged', ({ spec }) => some(spec, isPrivileged)],
  ['host-processes', ({ spec }) => spec?.hostPID === true],
  ['host-network', ({ spec }) => spec?.hostNetwork === true],
  [
    'host-files',
    ({ spec }) => (spec?.volumes ?? []).some(({ hostPath }) => hostPath),
  ],
  ['root', pod => usersOf(pod).includes('root')],
  ['root-by-image', pod => usersOf(pod).includes('unknown')],
  ['secrets', ({ spec }) => mountsSecrets(spec) || some(spec, readsSecrets)],
];

/** What makes a shell in this pod more than a shell in just any pod, the gravest first. */
export function traitsOf(pod: Pod): PodTrait[] {
  const found = TRAITS.filter(([, has]) => has(pod)).map(([trait]) => trait);
  // Where one container is known to run as root, that another one may adds nothing.
  return found.includes('root')
    ? found.filter(trait => trait !== 'root-by-image')
    : found;
}

/** What is special about any of several pods, each trait once, the gravest first. */
export function unionOfTraits(
  pods: Array<{ traits?: PodTrait[] }>,
): PodTrait[] {
  return TRAITS.map(([trait]) => trait).filter(trait =>
    pods.some(({ traits }) => traits?.includes(trait)),
  );
}

function some(
  spec: Pod['spec'],
  test: (container: Container) => boolean,
): boolean {
  return (spec?.containers ?? []).some(test);
}

function isPrivileged({ securityContext }: Container): boolean {
  return securityContext?.privileged === true;
}

function mountsSecrets(spec: Pod['spec']): boolean {
  return (spec?.volumes ?? []).some(
    ({ secret, projected }) =>
      secret ?? projected?.sources?.some(source => source.secret),
  );
}

function readsSecrets({ env = [], envFrom = [] }: Container): boolean {
  return (
    env.some(({ valueFrom }) => valueFrom?.secretKeyRef) ||
    envFrom.some(({ secretRef }) => secretRef)
  );
}

/**
 * As whom each container runs: what the kubelet saw, else what the pod says. The pod's word can be overridden by the
 * container's own.
 */
function usersOf({ spec, status }: Pod): Array<'root' | 'other' | 'unknown'> {
  return (spec?.containers ?? []).map(({ name, securityContext }) => {
    const seen = status?.containerStatuses?.find(one => one.name === name)?.user
      ?.linux?.uid;
    const uid =
      seen ?? securityContext?.runAsUser ?? spec?.securityContext?.runAsUser;
    if (uid !== undefined) {
      return uid === 0 ? 'root' : 'other';
    }
    const isNotRoot =
      securityContext?.runAsNonRoot ?? spec?.securityContext?.runAsNonRoot;
    return isNotRoot ? 'other' : 'unknown';
  });
}
