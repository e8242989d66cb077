using FocalSharp.Runtime;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers detectors in a service collection.</summary>
public static class DetectorServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="Detector"/> as a singleton: loaded when first asked for, shared by all threads, disposed with the container.
    /// A detector that is registered already stays.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    public static IServiceCollection AddDetector(this IServiceCollection services, string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddDetector(_ => Detector.Load(path, options));
    }

    /// <summary>Registers a <see cref="Detector"/> that is made from other services, such as configuration; see the other overload.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="load">Loads the detector.</param>
    public static IServiceCollection AddDetector(this IServiceCollection services, Func<IServiceProvider, Detector> load)
    {
        services.TryAddSingleton(load);
        return services;
    }

    /// <summary>Registers one of several detectors under a key, for <c>[FromKeyedServices(key)]</c>.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="key">The key.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    public static IServiceCollection AddKeyedDetector(this IServiceCollection services, object key, string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        services.TryAddKeyedSingleton(key, (_, _) => Detector.Load(path, options));
        return services;
    }
}
