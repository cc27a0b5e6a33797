# A worker image on Alpine: the manager starts queue:work processes inside it. No compiler gets into the last stage.
FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
# pcntl and ffi are in the last stage, not in this one.
RUN composer install --no-dev --no-scripts --no-autoloader --ignore-platform-reqs
COPY . .
RUN composer dump-autoload --no-dev --optimize --no-scripts

FROM php:8.4-cli-alpine
# hadolint ignore=DL3018,SC2086
RUN apk add --no-cache libffi \
    && apk add --no-cache --virtual .build libffi-dev $PHPIZE_DEPS \
    && docker-php-ext-install ffi pcntl \
    && apk del .build
WORKDIR /app
COPY --from=vendor --chown=www-data /app .
# Outside storage, over which a volume may be mounted.
RUN php artisan package:discover \
    && php artisan queue:autoscale:install --no-interaction --to=/usr/local/lib/queue-autoscale
# www-data
USER 82
CMD ["php", "artisan", "queue:autoscale"]
