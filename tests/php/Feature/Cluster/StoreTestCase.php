<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Cluster;

use Illuminate\Cache\ArrayStore;
use Illuminate\Cache\CacheLock;
use Illuminate\Cache\Repository;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\Schema;
use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterStore;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

/** What hosts share, on each kind of store that Laravel has locks for and that can run here. */
abstract class StoreTestCase extends FeatureTestCase
{
    /** @return iterable<string, array{string}> */
    public static function stores(): iterable
    {
        yield 'file' => ['file'];
        yield 'database' => ['database'];
        yield 'redis' => ['redis'];
        yield 'locks that cannot be refreshed' => ['old'];

        if (getenv('MEMCACHED_PORT') !== false) {
            yield 'memcached' => ['memcached'];
        }
    }

    final protected function cache(string $name): Repository
    {
        if ($name === 'old') {
            // As a store has them before Laravel's locks could be refreshed.
            return new Repository(new class extends ArrayStore {
                public function lock($name, $seconds = 0, $owner = null): CacheLock
                {
                    return new CacheLock($this, $name, $seconds, $owner);
                }
            });
        }

        if ($name === 'database' && ! Schema::hasTable('cache')) {
            config()->set('cache.stores.database', ['driver' => 'database', 'table' => 'cache', 'connection' => 'sqlite']);
            Schema::create('cache', static function (Blueprint $table): void {
                $table->string('key')->primary();
                $table->mediumText('value');
                $table->integer('expiration');
            });
            Schema::create('cache_locks', static function (Blueprint $table): void {
                $table->string('key')->primary();
                $table->string('owner');
                $table->integer('expiration');
            });
        }

        if ($name === 'memcached') {
            config()->set('cache.stores.memcached', [
                'driver' => 'memcached',
                'servers' => [['host' => '127.0.0.1', 'port' => (int) getenv('MEMCACHED_PORT'), 'weight' => 100]],
            ]);
        }

        $cache = Cache::store($name);
        $cache->flush();

        return $cache;
    }

    final protected static function storeOf(Repository $cache, ?string $application = null): ClusterStore
    {
        return ClusterStore::of($cache, 'test', $application ?? ClusterFactory::application(config()));
    }
}
