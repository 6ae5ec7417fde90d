import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  ApproverSummary,
  RequestLimits,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { durationInWords, timeOfDay } from '../../format';
import { useLanguage, useNow } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { People } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(2.5), alignContent: 'start' },
}));

interface ConsequencesProps {
  approvers: ApproverSummary;
  limits: RequestLimits;
  durationSeconds: number | undefined;
}

/** What asking will lead to: who decides, what stays on record, when it is over. */
export function Consequences(props: ConsequencesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Part title={t('form.whoTitle')}>
        <WhoDecides {...props} />
      </Part>
      <Part title={t('form.endTitle')}>
        <WhenItEnds {...props} />
      </Part>
      <Part title={t('form.recordedTitle')}>{t('form.recorded')}</Part>
    </div>
  );
}

function WhoDecides({ approvers, limits }: ConsequencesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const count = approvers.users.length;
  const words = {
    count,
    people: <People entityRefs={approvers.users} join="and" />,
    owners: <People entityRefs={approvers.owners} join="and" />,
  };
  return (
    <>
      {count === 2 ? t('form.whoTwo', words) : t('form.who', words)}{' '}
      {limits.approvals > 1 &&
        t('form.whoNeeded', { needed: String(limits.approvals) })}{' '}
      {limits.approvals === 1 && count > 1 && t('form.whoEnough')}{' '}
      {t('form.whoNotice')}
    </>
  );
}

function WhenItEnds({ limits, durationSeconds }: ConsequencesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const now = useNow();
  const lapses = durationInWords(limits.pendingSeconds, language);
  return (
    <>
      {durationSeconds === undefined
        ? t('form.endUnknown')
        : t('form.endAfter', {
            duration: durationInWords(durationSeconds, language),
            time: timeOfDay(
              new Date(now.getTime() + durationSeconds * 1000).toISOString(),
              now,
              language,
            ),
          })}{' '}
      {t('form.endPending', { duration: lapses })}
    </>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  return (
    <section>
      <Typography variant="subtitle2" component="h3" gutterBottom>
        {props.title}
      </Typography>
      <Typography variant="body2" color="textSecondary">
        {props.children}
      </Typography>
    </section>
  );
}
