import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  ContainerSummary,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import FiberManualRecordIcon from '@material-ui/icons/FiberManualRecord';
import { useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

/** More pods than this are folded away, so that the form stays in sight. */
const FOLD_ABOVE = 5;
/** A grant reaches no more than this. */
const MAX_PODS = 200;

const useStyles = makeStyles((theme: Theme) => ({
  list: { listStyle: 'none', margin: theme.spacing(0.5, 0, 0), padding: 0 },
  pod: {
    ...theme.typography.body2,
    position: 'relative',
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    padding: theme.spacing(0.25, 0, 0.25, 2.25),
  },
  dot: { position: 'absolute', left: 0, top: 8, fontSize: 10 },
  ready: { color: theme.palette.success.main },
  unready: { color: theme.palette.warning.main },
  name: { fontFamily: 'monospace', overflowWrap: 'anywhere', minWidth: 0 },
  containers: { color: theme.palette.text.secondary },
  trouble: { flexBasis: '100%' },
}));

/** The pods that match now, with their containers. */
export function PodList({ pods }: { pods: PodSummary[] }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [isUnfolded, setUnfolded] = useState(false);
  if (pods.length === 0) {
    return (
      <Typography variant="body2" color="textSecondary">
        {t('form.podsNone')}
      </Typography>
    );
  }
  const isFolded = pods.length > FOLD_ABOVE && !isUnfolded;
  return (
    <>
      <Typography variant="body2" color="textSecondary">
        {t('form.podsMatch', { count: pods.length })}{' '}
        {pods.length >= MAX_PODS &&
          t('form.podsMost', { max: String(MAX_PODS) })}
      </Typography>
      <ul className={classes.list}>
        {(isFolded ? pods.slice(0, FOLD_ABOVE) : pods).map(pod => (
          <Pod key={pod.uid} pod={pod} />
        ))}
      </ul>
      {pods.length > FOLD_ABOVE && (
        <Button
          size="small"
          aria-expanded={!isFolded}
          onClick={() => setUnfolded(isFolded)}
        >
          {isFolded
            ? t('form.podsMore', { all: String(pods.length) })
            : t('form.podsFewer')}
        </Button>
      )}
    </>
  );
}

/** One line for a pod that is well; what is not well gets a line of its own. */
function Pod({ pod }: { pod: PodSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const well = pod.containers.filter(isWell);
  const isReady = pod.phase === 'Running' && well.length > 0;
  const isAllWell = isReady && well.length === pod.containers.length;
  return (
    <li className={classes.pod}>
      <FiberManualRecordIcon
        aria-hidden
        className={`${classes.dot} ${
          isAllWell ? classes.ready : classes.unready
        }`}
      />
      <span className={classes.name}>{pod.name}</span>
      {pod.phase !== 'Running' && <span>({pod.phase})</span>}
      {well.length > 0 && (
        <span className={classes.containers}>
          {t('form.containersRunning', {
            containers: well.map(({ name }) => name).join(', '),
          })}
        </span>
      )}
      {pod.containers
        .filter(container => !isWell(container))
        .map(container => (
          <span
            key={container.name}
            className={`${classes.containers} ${classes.trouble}`}
          >
            <Trouble container={container} />
          </span>
        ))}
    </li>
  );
}

function isWell({ state, ready, restarts }: ContainerSummary): boolean {
  return state === 'running' && ready && restarts === 0;
}

function Trouble({ container }: { container: ContainerSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { name, state, ready, restarts } = container;
  const parts = [
    name,
    state,
    ...(state === 'running' && !ready ? [t('form.notReady')] : []),
    ...(restarts > 0 ? [t('form.restarts', { count: restarts })] : []),
  ];
  return <>{parts.join(' · ')}</>;
}
