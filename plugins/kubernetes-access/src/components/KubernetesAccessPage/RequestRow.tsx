import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import ListItem from '@material-ui/core/ListItem';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { durationInWords, remainingInWords } from '../../format';
import { useLanguage, useRemaining } from '../../hooks';
import { requestRouteRef, terminalRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Person, PhaseLabel, Place, When } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'start',
    gap: theme.spacing(0.5, 3),
    padding: theme.spacing(1.5, 2.5),
    '&:last-child': { borderBottom: 'none' },
  },
  what: { overflowWrap: 'anywhere' },
  place: { [theme.breakpoints.down('xs')]: { display: 'block' } },
  reason: {
    display: '-webkit-box',
    '-webkit-line-clamp': 2,
    '-webkit-box-orient': 'vertical',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
  },
  right: { textAlign: 'right' },
  whole: { gridColumn: '1 / -1' },
}));

interface RequestRowProps {
  request: AccessRequest;
  /** Also who asked, where it is not always the reader. */
  showsWho?: boolean;
}

/** One request in a list. */
export function RequestRow({ request, showsWho }: RequestRowProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const language = useLanguage();
  const requestLink = useRouteRef(requestRouteRef);
  const canOpen = request.actions.openSession;
  return (
    <ListItem divider className={classes.root}>
      <Typography variant="body1" component="div" className={classes.what}>
        <Link to={requestLink({ id: request.id })}>
          <EntityDisplayName entityRef={request.entityRef} hideIcon />
        </Link>{' '}
        <Typography
          variant="body2"
          component="span"
          color="textSecondary"
          className={classes.place}
        >
          <Place cluster={request.cluster} targets={request.targets} />
        </Typography>
      </Typography>
      <div className={classes.right}>
        <PhaseLabel phase={request.phase} />
      </div>
      <Typography
        variant="body2"
        className={`${classes.reason} ${canOpen ? '' : classes.whole}`}
      >
        {request.reason}
      </Typography>
      {canOpen && (
        <Typography variant="body2" component="div" className={classes.right}>
          <TerminalLink id={request.id} />
        </Typography>
      )}
      <Typography
        variant="body2"
        color="textSecondary"
        className={classes.whole}
        component="div"
      >
        {showsWho && (
          <>
            <Person entityRef={request.requester} />
            {' · '}
          </>
        )}
        {t('page.rowDuration', {
          duration: durationInWords(request.durationSeconds, language),
          asked: <When at={request.createdAt} />,
        })}
        {request.phase === 'Active' && request.expiresAt && (
          <>
            {' · '}
            <TimeLeft expiresAt={request.expiresAt} asOf={request.asOf} />
          </>
        )}
      </Typography>
    </ListItem>
  );
}

function TerminalLink({ id }: { id: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const terminalLink = useRouteRef(terminalRouteRef);
  return <Link to={terminalLink({ id })}>{t('page.openTerminal')}</Link>;
}

function TimeLeft(props: { expiresAt: string; asOf: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const remaining = useRemaining(props.expiresAt, props.asOf);
  return (
    <>{t('page.rowLeft', { time: remainingInWords(remaining, language) })}</>
  );
}
