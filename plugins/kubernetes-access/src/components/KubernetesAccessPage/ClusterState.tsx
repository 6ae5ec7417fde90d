import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import BlockIcon from '@material-ui/icons/Block';
import CheckIcon from '@material-ui/icons/CheckCircleOutline';
import CloudOffIcon from '@material-ui/icons/CloudOff';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LockIcon from '@material-ui/icons/LockOutlined';
import { kubernetesAccessTranslationRef } from '../../translation';
import { StateLabel } from '../ui';

const LOOKS = {
  connecting: { key: 'clusterConnecting', tone: 'waits', Icon: HourglassIcon },
  ready: { key: 'clusterReady', tone: 'good', Icon: CheckIcon },
  unreachable: { key: 'clusterUnreachable', tone: 'bad', Icon: CloudOffIcon },
  unsupported: { key: 'clusterUnsupported', tone: 'bad', Icon: BlockIcon },
  suspended: { key: 'clusterSuspended', tone: 'bad', Icon: LockIcon },
} as const satisfies Record<ClusterStatus['state'], object>;

/** How a cluster is, as an icon and a word, as phases are told. */
export function ClusterState({ state }: Pick<ClusterStatus, 'state'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { key, ...look } = LOOKS[state];
  return <StateLabel {...look}>{t(`page.${key}`)}</StateLabel>;
}
