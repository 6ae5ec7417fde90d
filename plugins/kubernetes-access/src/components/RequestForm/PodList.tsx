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
const FOLD_ABOVE = 6;
/** A grant reaches no more than this. */
const MAX_PODS = 200;

const useStyles = makeStyles((theme: Theme) => ({
  list: {
    listStyle: 'none',
    margin: theme.spacing(0.5, 0),
    padding: 0,
    fontFamily: 'monospace',
    fontSize: theme.typography.body2.fontSize,
  },
  pod: { padding: theme.spacing(0.5, 0), overflowWrap: 'anywhere' },
  containers: { listStyle: 'none', padding: theme.spacing(0, 0, 0, 2.75) },
  container: { color: theme.palette.text.secondary },
  dot: { fontSize: 10, marginRight: theme.spacing(1) },
  ready: { color: theme.palette.success.main },
  unready: { color: theme.palette.warning.main },
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
        <Button size="small" onClick={() => setUnfolded(isFolded)}>
          {isFolded
            ? t('form.podsMore', { all: String(pods.length) })
            : t('form.podsFewer')}
        </Button>
      )}
    </>
  );
}

function Pod({ pod }: { pod: PodSummary }) {
  const classes = useStyles();
  const isReady =
    pod.phase === 'Running' && pod.containers.every(({ ready }) => ready);
  return (
    <li className={classes.pod}>
      <FiberManualRecordIcon
        aria-hidden
        className={`${classes.dot} ${
          isReady ? classes.ready : classes.unready
        }`}
      />
      {pod.name}
      {pod.phase !== 'Running' && ` (${pod.phase})`}
      <ul className={classes.containers}>
        {pod.containers.map(container => (
          <li key={container.name} className={classes.container}>
            <Container container={container} />
          </li>
        ))}
      </ul>
    </li>
  );
}

function Container({ container }: { container: ContainerSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { name, state, restarts } = container;
  const parts = [state];
  if (restarts > 0) {
    parts.push(t('form.restarts', { count: restarts }));
  }
  return (
    <>
      {name} · {parts.join(' · ')}
    </>
  );
}
