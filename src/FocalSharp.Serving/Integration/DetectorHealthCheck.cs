using FocalSharp.Runtime;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FocalSharp.Serving.Integration;

/// <summary>
/// Healthy if the detector is loaded, degraded if its last reload failed, and the registration's failure status if it cannot be loaded or the model has failed
/// on several images in a row. It does not run the model: a probe must not fail because the service is busy.
/// </summary>
/// <param name="services">The services.</param>
/// <param name="key">The detector's key; null for none.</param>
internal sealed class DetectorHealthCheck(IServiceProvider services, object? key) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        IDetector detector;
        try
        {
            detector = Get<IDetector>() ?? throw new InvalidOperationException("No detector is registered. Call services.AddDetector.");
        }
        catch (Exception exception) when (exception is FocalSharpException or InvalidOperationException or ObjectDisposedException)
        {
            return new HealthCheckResult(failure, exception.Message, exception);
        }

        Dictionary<string, object> data = new(StringComparer.Ordinal) { ["model"] = detector.Model.Name, ["classes"] = detector.Classes.Count };
        if (Get<MicroBatcher>() is { ConsecutiveFailures: >= Readiness.MaxConsecutiveFailures and var failures })
        {
            return new HealthCheckResult(failure, $"The model failed on the last {failures} images.", data: data);
        }

        return (detector as Detector)?.ReloadError is { } error
            ? HealthCheckResult.Degraded($"The last reload failed, and the model before it is in use: {error.Message}", error, data)
            : HealthCheckResult.Healthy($"{detector.Model.Name} is loaded.", data);
    }

    private T? Get<T>()
        where T : class => key is null ? services.GetService<T>() : services.GetKeyedService<T>(key);
}
