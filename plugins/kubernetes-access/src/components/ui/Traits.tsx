import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { PodTrait } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import { kubernetesAccessTranslationRef } from '../../translation';

/** Those by which a shell reaches beyond its pod. */
const GRAVE: PodTrait[] = [
  'privileged',
  'host-processes',
  'host-network',
  'host-files',
];

const useStyles = makeStyles((theme: Theme) => ({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
  item: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
  },
  icon: { fontSize: 18, color: theme.palette.warning.main },
}));

/** What is special about pods, in words. */
export function Traits({ traits }: { traits: PodTrait[] }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {traits.map(trait => (
        <li key={trait} className={classes.item}>
          {GRAVE.includes(trait) && (
            <WarningIcon className={classes.icon} aria-hidden />
          )}
          {t(`ui.trait-${trait}`)}
        </li>
      ))}
    </ul>
  );
}
