import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { namesPods } from '../../isKubernetesAccessAvailable';
import { kubernetesAccessTranslationRef } from '../../translation';
import { AccessCardContent } from './AccessCardContent';

/** Where the reader stands with an entity, on its overview; nothing on entities that name no pods. */
export function AccessCard() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (!namesPods(entity)) {
    return <></>;
  }
  const entityRef = stringifyEntityRef(entity);
  return (
    <EntityInfoCard title={t('card.title')}>
      <AccessCardContent
        key={entityRef}
        entityRef={entityRef}
        title={entity.metadata.title ?? entity.metadata.name}
      />
    </EntityInfoCard>
  );
}
