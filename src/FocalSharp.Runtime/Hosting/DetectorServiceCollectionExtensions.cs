using FocalSharp.Runtime;
using FocalSharp.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers detectors in a service collection.</summary>
public static class DetectorServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="Detector"/> as a singleton, also as <see cref="IDetector"/>: loaded on first use, shared by all threads, disposed
    /// with the container. If a detector is registered already, it stays.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddDetector(this IServiceCollection services, string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddDetector(_ => Detector.Load(path, options));
    }

    /// <summary>
    /// Registers a <see cref="Detector"/> with changed options:
    /// <c>services.AddDetector("model.onnx", options => options with { MaxBatch = 4 })</c>.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="configure">Returns the options to use, given the defaults.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddDetector(this IServiceCollection services, string path, Func<RuntimeOptions, RuntimeOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddDetector(_ => Detector.Load(path, configure(new RuntimeOptions())));
    }

    /// <summary>
    /// Registers a <see cref="Detector"/> from settings: <c>Path</c>, and the names of <see cref="RuntimeOptions"/> (<c>Threads</c>, <c>ReloadOnChange</c>,
    /// <c>Detect:ScoreThreshold</c> …), for example <c>configuration.GetSection("Detector").AsEnumerable(makePathsRelative: true)</c>. FocalSharp.Serving takes the section itself.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="settings">Keys and values, read when the detector is loaded. An unknown key or an invalid value is then an <see cref="FocalSharp.OptionException"/>.</param>
    /// <param name="configure">Changes the options that were read; null for none.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddDetector(
        this IServiceCollection services, IEnumerable<KeyValuePair<string, string?>> settings, Func<RuntimeOptions, RuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return services.AddDetector(_ => DetectorSettings.Load(settings, configure));
    }

    /// <summary>Registers a <see cref="Detector"/> that depends on other services, such as configuration.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="load">Loads the detector.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddDetector(this IServiceCollection services, Func<IServiceProvider, Detector> load)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(load);
        services.TryAddSingleton(load);
        services.TryAddSingleton<IDetector>(provider => provider.GetRequiredService<Detector>());
        return services;
    }

    /// <summary>Registers one of several detectors under a key, for <c>[FromKeyedServices(key)]</c>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddKeyedDetector(this IServiceCollection services, object key, string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddKeyedDetector(key, _ => Detector.Load(path, options));
    }

    /// <summary>Registers one of several detectors from settings under a key, for <c>[FromKeyedServices(key)]</c>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key.</param>
    /// <param name="settings">Keys and values, read when the detector is loaded, as <see cref="AddDetector(IServiceCollection, IEnumerable{KeyValuePair{string, string?}}, Func{RuntimeOptions, RuntimeOptions}?)"/> takes them.</param>
    /// <param name="configure">Changes the options that were read; null for none.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddKeyedDetector(
        this IServiceCollection services, object key, IEnumerable<KeyValuePair<string, string?>> settings, Func<RuntimeOptions, RuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return services.AddKeyedDetector(key, _ => DetectorSettings.Load(settings, configure));
    }

    /// <summary>Registers one of several detectors under a key, for <c>[FromKeyedServices(key)]</c>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key.</param>
    /// <param name="load">Loads the detector.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddKeyedDetector(this IServiceCollection services, object key, Func<IServiceProvider, Detector> load)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(load);
        services.TryAddKeyedSingleton(key, (provider, _) => load(provider));
        services.TryAddKeyedSingleton<IDetector>(key, (provider, found) => provider.GetRequiredKeyedService<Detector>(found));
        return services;
    }
}
