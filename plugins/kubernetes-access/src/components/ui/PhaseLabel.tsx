import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import BlockIcon from '@material-ui/icons/Block';
import CheckIcon from '@material-ui/icons/Check';
import ErrorIcon from '@material-ui/icons/ErrorOutline';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LockIcon from '@material-ui/icons/LockOutlined';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import { kubernetesAccessTranslationRef } from '../../translation';
import { StateLabel } from './StateLabel';

/** A phase looks and reads the same everywhere. However it ended, ended is ended; how is told beside it. */
const LOOKS = {
  Pending: { key: 'phasePending', tone: 'waits', Icon: HourglassIcon },
  Approved: { key: 'phaseApproved', tone: 'agreed', Icon: CheckIcon },
  Active: { key: 'phaseActive', tone: 'good', Icon: LockOpenIcon },
  Expired: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Revoked: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Cancelled: { key: 'phaseEnded', tone: 'over', Icon: LockIcon },
  Denied: { key: 'phaseDenied', tone: 'bad', Icon: BlockIcon },
  Failed: { key: 'phaseFailed', tone: 'bad', Icon: ErrorIcon },
} as const satisfies Record<AccessRequestPhase, object>;

/** Where a request stands, as an icon and a word. */
export function PhaseLabel({ phase }: { phase: AccessRequestPhase }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { key, ...look } = LOOKS[phase];
  return <StateLabel {...look}>{t(`ui.${key}`)}</StateLabel>;
}
