import { LinkButton } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { LiveSession } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import ListItem from '@material-ui/core/ListItem';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { formatBytes, remainingInWords } from '../../format';
import { useLanguage, useOptionalRouteRef, useRemaining } from '../../hooks';
import { requestRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { CancelAction, RevokeAction } from '../RequestActions';
import { DetailsLink, Person, When } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 3),
    padding: theme.spacing(1.5, 2.5),
    '&:last-child': { borderBottom: 'none' },
  },
  text: { minWidth: 0, flex: '1 1 320px', overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  pod: { fontFamily: 'monospace', fontSize: '0.95em' },
}));

interface LiveRowProps {
  item: LiveSession;
  onChanged(): Promise<void>;
}

/** One open terminal: who is where, since when and for how long still, and how to end it. */
export function LiveRow({ item, onChanged }: LiveRowProps) {
  const { session, request } = item;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const language = useLanguage();
  return (
    <ListItem divider className={classes.root}>
      <div className={classes.text}>
        <Typography variant="body1" component="div">
          {t('page.liveWho', {
            person: <Person entityRef={session.user} />,
            entity: <EntityRefLink entityRef={request.entityRef} hideIcon />,
          })}
        </Typography>
        <Typography variant="body2" component="div">
          {request.cluster.title} ▸ {session.namespace} ▸{' '}
          <span className={classes.pod}>
            {session.pod} ▸ {session.container}
          </span>
          {/* Nothing stands behind it, so that nothing moves when it comes or grows. */}
          {session.bytesOut > 0 && (
            <Typography
              variant="inherit"
              component="span"
              color="textSecondary"
            >
              {' · '}
              {t('requestPage.sessionBytes', {
                sent: formatBytes(session.bytesIn, language),
                received: formatBytes(session.bytesOut, language),
              })}
            </Typography>
          )}
        </Typography>
        <Typography variant="body2" component="div" color="textSecondary">
          {t('page.liveSince', {
            when: <When at={session.openedAt ?? session.createdAt} />,
          })}
          {request.expiresAt && (
            <>
              {' · '}
              <TimeLeft expiresAt={request.expiresAt} asOf={request.asOf} />
            </>
          )}
          {' · '}
          {session.recorded
            ? t('page.liveRecorded')
            : t('page.liveNotRecorded')}
          <DetailsLink requestId={request.id} label={t('page.liveDetails')} />
        </Typography>
      </div>
      <div className={classes.actions}>
        <WatchLink item={item} />
        <CancelAction request={request} onChanged={onChanged} />
        <RevokeAction request={request} onChanged={onChanged} />
      </div>
    </ListItem>
  );
}

/** To where it is shown while it goes on; nothing in apps that have no such page. */
function WatchLink({ item: { session, request } }: { item: LiveSession }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const linkToRequest = useOptionalRouteRef(requestRouteRef);
  if (!linkToRequest || !session.playable) {
    return null;
  }
  const { id, pod, container } = session;
  return (
    <LinkButton
      to={`${linkToRequest({ id: request.id })}?play=${id}`}
      variant="outlined"
      color="primary"
      aria-label={t('recording.watchLabel', { pod, container })}
    >
      {t('recording.watch')}
    </LinkButton>
  );
}

function TimeLeft(props: { expiresAt: string; asOf: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const remaining = useRemaining(props.expiresAt, props.asOf);
  return remaining > 0 ? (
    <>{t('page.liveLeft', { time: remainingInWords(remaining, language) })}</>
  ) : (
    <>{t('page.liveEnding')}</>
  );
}
