import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { namesPods } from '../../isKubernetesAccessAvailable';
import { kubernetesAccessTranslationRef } from '../../translation';
import { AccessTabContent } from './AccessTabContent';

const useStyles = makeStyles((theme: Theme) => ({
  or: { marginTop: theme.spacing(2) },
}));

/** The Access tab on an entity's page. */
export function AccessTab() {
  const classes = useStyles();
  const { entity } = useEntity();
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (!namesPods(entity)) {
    return (
      <>
        <MissingAnnotationEmptyState
          annotation={KUBERNETES_ANNOTATION}
          readMoreUrl="https://backstage.io/docs/features/kubernetes/configuration#surfacing-your-kubernetes-components-as-part-of-an-entity"
        />
        <Typography variant="body2" className={classes.or}>
          {t('access.missingOr', {
            annotation: (
              <code>{KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION}</code>
            ),
          })}
        </Typography>
      </>
    );
  }
  const entityRef = stringifyEntityRef(entity);
  return (
    <AccessTabContent
      key={entityRef}
      entityRef={entityRef}
      title={entity.metadata.title ?? entity.metadata.name}
    />
  );
}
