<?php

declare(strict_types=1);

/*
 * Prints as JSON what the classes offer to their users, with the extension where it is loaded and over FFI where it is not:
 *
 *     php tests/php/Support/api.php [CLASS…]        those that are named, or all that the extension has
 */

require __DIR__ . '/../bootstrap.php';

$classes = array_slice($argv, 1) ?: array_map(
    static fn(ReflectionClass $class): string => $class->getName(),
    array_values((new ReflectionExtension('queue_autoscale'))->getClasses()),
);
sort($classes);

$type = static fn(?ReflectionType $type, string $class): string => str_replace('self', $class, (string) $type);

$parameter = static fn(ReflectionParameter $parameter): array => [
    'name' => $parameter->getName(),
    'type' => (string) $parameter->getType(),
    'default' => $parameter->isOptional() ? var_export($parameter->getDefaultValue(), true) : null,
];

$method = static fn(ReflectionMethod $method): array => [
    'static' => $method->isStatic(),
    'parameters' => array_map($parameter, $method->getParameters()),
    'returns' => $type($method->getReturnType(), $method->getDeclaringClass()->getName()),
];

$property = static fn(ReflectionProperty $property): array => [
    'type' => (string) $property->getType(),
    'readonly' => $property->isReadOnly(),
    'static' => $property->isStatic(),
];

$api = [];

foreach ($classes as $name) {
    $class = new ReflectionClass($name);
    $isOwn = static fn(ReflectionMethod|ReflectionProperty $member): bool => $member->getDeclaringClass()->getName() === $name;
    $members = static function (array $reflections, Closure $describe) use ($isOwn): array {
        $described = [];

        foreach (array_filter($reflections, $isOwn) as $reflection) {
            $described[$reflection->getName()] = $describe($reflection);
        }

        ksort($described);

        return $described;
    };
    $interfaces = $class->getInterfaceNames();
    sort($interfaces);
    $api[$name] = [
        'kind' => $class->isInterface() ? 'interface' : 'class',
        'final' => $class->isFinal(),
        'instantiable' => $class->isInstantiable(),
        'parent' => ($class->getParentClass() ?: null)?->getName(),
        'interfaces' => $interfaces,
        'constants' => array_keys($class->getConstants(ReflectionClassConstant::IS_PUBLIC)),
        'properties' => $members($class->getProperties(ReflectionProperty::IS_PUBLIC), $property),
        'methods' => $members($class->getMethods(ReflectionMethod::IS_PUBLIC), $method),
    ];
}

echo json_encode($api, JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT), "\n";
