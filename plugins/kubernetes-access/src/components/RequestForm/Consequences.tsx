import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  ApproverSummary,
  RequestLimits,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { People } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(2.5) },
}));

interface ConsequencesProps {
  approvers: ApproverSummary;
  limits: RequestLimits;
  durationSeconds: number | undefined;
}

/** What asking will lead to: who decides, what stays on record, when it is over. */
export function Consequences(props: ConsequencesProps) {
  const { limits, durationSeconds } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Part title={t('form.whoTitle')}>
        <WhoDecides {...props} /> {t('form.whoNotice')}
      </Part>
      <Part title={t('form.recordedTitle')}>{t('form.recorded')}</Part>
      <Part title={t('form.endTitle')}>
        {durationSeconds === undefined
          ? t('form.endUnknown')
          : t('form.endAfter', {
              duration: durationInWords(durationSeconds, language),
            })}{' '}
        {t('form.endPending', {
          duration: durationInWords(limits.pendingSeconds, language),
        })}
      </Part>
    </div>
  );
}

function WhoDecides({ approvers, limits }: ConsequencesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const values = {
    people: <People entityRefs={approvers.users} join="or" />,
    owners: <People entityRefs={approvers.owners} join="and" />,
  };
  return limits.approvals === 1
    ? t('form.whoOne', values)
    : t('form.whoSeveral', { ...values, needed: String(limits.approvals) });
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
