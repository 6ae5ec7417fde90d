import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ApprovalQueue } from '../ApprovalQueue';
import { OpenNow } from './OpenNow';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(4) },
}));

/** What waits for the reader on this entity, and who is in. */
export function ApprovalsTab(props: { access: EntityAccess; title: string }) {
  const { access, title } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {access.mayDecide || access.toDecide > 0 ? (
        <ApprovalQueue entityRef={access.entityRef} />
      ) : (
        <Typography>{t('access.mayNotDecide', { entity: title })}</Typography>
      )}
      <OpenNow entityRef={access.entityRef} />
    </div>
  );
}
