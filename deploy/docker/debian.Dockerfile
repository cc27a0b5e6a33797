# A worker image on Debian: the manager starts queue:work processes inside it. No compiler gets into the last stage.
FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
# pcntl and ffi are in the last stage, not in this one.
RUN composer install --no-dev --no-scripts --no-autoloader --ignore-platform-reqs
COPY . .
RUN composer dump-autoload --no-dev --optimize --no-scripts

FROM php:8.4-cli
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# The compiler of PHP's own extensions comes and goes within one layer.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libffi8 libffi-dev \
    && docker-php-ext-install ffi pcntl \
    && apt-get purge --yes --auto-remove libffi-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=vendor --chown=www-data /app .
# Outside storage, over which a volume may be mounted.
RUN php artisan package:discover \
    && php artisan queue:autoscale:install --no-interaction --to=/usr/local/lib/queue-autoscale
# www-data
USER 33
CMD ["php", "artisan", "queue:autoscale"]
