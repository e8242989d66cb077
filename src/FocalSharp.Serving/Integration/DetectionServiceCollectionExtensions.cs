using FocalSharp;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Hosting;
using FocalSharp.Serving;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Http;
using FocalSharp.Serving.Integration;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Uploads;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds configured detectors, their health checks and the services of <c>app.MapDetection</c> to a host.</summary>
public static class DetectionServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="Detector"/>, also as <see cref="IDetector"/>, from a configuration section:
    /// <c>services.AddDetector(configuration.GetSection("Detector"))</c>. Its keys are <c>Path</c> and the names of <see cref="RuntimeOptions"/>. The host
    /// loads and runs the model when it starts, so that a wrong setting stops the start; it logs reloads, and it loads another file when <c>Path</c>
    /// changes in a configuration that is reloaded. Other settings take effect at the next start. If a detector is registered already, it stays.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes the options that were read; null for none.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddDetector(this IServiceCollection services, IConfiguration section, Func<RuntimeOptions, RuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        if (services.Any(service => service.ServiceType == typeof(Detector) && !service.IsKeyedService))
        {
            return services;
        }

        string name = GetName(section);
        services.AddDetector(_ => DetectorSettings.Load(section.AsEnumerable(makePathsRelative: true), configure, name));
        return services.AddSingleton<IHostedService>(provider => new DetectorStartup(provider, key: null, section, name));
    }

    /// <summary>
    /// Registers one of several detectors from a configuration section under a key, for <c>[FromKeyedServices(key)]</c>; see
    /// <see cref="AddDetector(IServiceCollection, IConfiguration, Func{RuntimeOptions, RuntimeOptions}?)"/>.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes the options that were read; null for none.</param>
    /// <returns>The same collection, for chaining.</returns>
    public static IServiceCollection AddKeyedDetector(
        this IServiceCollection services, object key, IConfiguration section, Func<RuntimeOptions, RuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(section);
        if (services.Any(service => service.ServiceType == typeof(Detector) && service.IsKeyedService && key.Equals(service.ServiceKey)))
        {
            return services;
        }

        string name = GetName(section);
        services.AddKeyedDetector(key, _ => DetectorSettings.Load(section.AsEnumerable(makePathsRelative: true), configure, name));
        return services.AddSingleton<IHostedService>(provider => new DetectorStartup(provider, key, section, name));
    }

    /// <summary>
    /// Adds what <c>app.MapDetection</c> needs: uploads with limits, batching, metrics (meter <c>FocalSharp.Serving</c>). The detector is registered separately.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="options">
    /// The limits; null for the defaults. The address, ports, connections, keys and the shutdown are the program's own: keys are refused here, because
    /// <c>RequireAuthorization</c> on the mapped routes replaces them.
    /// </param>
    /// <returns>The same collection, for chaining.</returns>
    /// <exception cref="OptionException">An option is out of its range, or API keys are given.</exception>
    public static IServiceCollection AddDetection(this IServiceCollection services, ServingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        options ??= new ServingOptions();
        options.Validate();
        OptionException.ThrowUnless(
            options.ApiKeys.Count == 0, "ApiKeys: are not checked in a program of your own. Remove them, and call RequireAuthorization on the routes of MapDetection.");
        services.TryAddSingleton(_ => new ServingMetrics());
        return services.AddDetectionCore(options);
    }

    /// <summary>Adds a health check of a detector: <c>services.AddHealthChecks().AddDetector()</c>. It is degraded while the last reload has failed.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="key">The detector's key; null for the one without a key.</param>
    /// <param name="failureStatus">The status if the detector cannot be loaded or keeps failing; null for unhealthy.</param>
    /// <param name="tags">Tags to filter checks by, such as <c>ready</c>; null for none.</param>
    /// <returns>The same builder, for chaining.</returns>
    public static IHealthChecksBuilder AddDetector(
        this IHealthChecksBuilder builder, string name = "detector", object? key = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, services => new DetectorHealthCheck(services, key), failureStatus, tags));
    }

    /// <summary>Adds the services of the detection routes; <see cref="ServingMetrics"/> and the detector are added by the caller.</summary>
    internal static IServiceCollection AddDetectionCore(this IServiceCollection services, ServingOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton(_ => new ImageUploads(options.Uploads));
        services.TryAddSingleton(_ => new ConcurrencyGate(options.MaxRequests));
        services.TryAddSingleton(_ => new ClientGate(options.MaxUploadsPerClient));
        services.TryAddSingleton(provider => CreateBatcher(provider, key: null));
        services.TryAddSingleton(provider => CreatePipeline(provider, key: null));
        services.TryAddKeyedSingleton(KeyedService.AnyKey, CreateBatcher);
        services.TryAddKeyedSingleton(KeyedService.AnyKey, CreatePipeline);
        return services;
    }

    private static MicroBatcher CreateBatcher(IServiceProvider services, object? key) => new(
        GetDetector(services, key),
        services.GetRequiredService<ServingOptions>(),
        services.GetRequiredService<ServingMetrics>(),
        services.GetRequiredService<ILogger<MicroBatcher>>());

    private static DetectionPipeline CreatePipeline(IServiceProvider services, object? key) => new(
        services.GetRequiredService<ServingOptions>(),
        GetDetector(services, key),
        services.GetRequiredService<ImageUploads>(),
        key is null ? services.GetRequiredService<MicroBatcher>() : services.GetRequiredKeyedService<MicroBatcher>(key),
        services.GetRequiredService<ConcurrencyGate>(),
        services.GetRequiredService<ClientGate>());

    private static IDetector GetDetector(IServiceProvider services, object? key) =>
        key is null ? services.GetRequiredService<IDetector>() : services.GetRequiredKeyedService<IDetector>(key);

    private static string GetName(IConfiguration section) => (section as IConfigurationSection)?.Path ?? "";
}
