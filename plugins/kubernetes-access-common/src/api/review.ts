import type { AccessRequest } from './types';

/**
 * What makes a shell in a pod more than a shell in just any pod, as far as the pod's own description tells.
 *
 * - `privileged`: a container is privileged, so that root in it is root on the node
 * - `host-processes`: it sees and can end all processes of its node
 * - `host-network`: it is in the network of its node
 * - `host-files`: it mounts files of its node
 * - `root`: a container runs as root
 * - `root-by-image`: it does not say as whom a container runs; the image tells, and many say root
 * - `secrets`: it gets Secrets as files or variables
 * @public
 */
export type PodTrait =
  | 'privileged'
  | 'host-processes'
  | 'host-network'
  | 'host-files'
  | 'root'
  | 'root-by-image'
  | 'secrets';

/**
 * What somebody who decides on a request wants to know beside what it says.
 * @public
 */
export interface RequestReview {
  /** How many pods it would reach now; missing when the cluster does not answer. */
  pods?: number;
  /** What is special about them, the gravest first. */
  traits: PodTrait[];
  /** What its requester has asked for on the same entity before, newest first; no more than the latest five. */
  earlier: AccessRequest[];
}
