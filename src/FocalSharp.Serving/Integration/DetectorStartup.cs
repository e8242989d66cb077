using FocalSharp.Runtime;
using FocalSharp.Runtime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FocalSharp.Serving.Integration;

/// <summary>
/// Loads and runs a configured detector when the host starts, so that a wrong setting or file stops the start instead of failing the first request. Logs
/// reloads, and loads another file when the configuration names one.
/// </summary>
/// <param name="services">The services of the host.</param>
/// <param name="key">The detector's key; null for none.</param>
/// <param name="section">The configuration.</param>
/// <param name="name">The section's name in messages.</param>
internal sealed partial class DetectorStartup(IServiceProvider services, object? key, IConfiguration section, string name) : IHostedService, IDisposable
{
    private readonly ILogger _logger = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(Detector).FullName!)
        ?? (ILogger)Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    private Detector? _detector;
    private DetectorSettings? _settings;
    private IDisposable? _changes;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A test may have put another detector in its place, which needs no file.
        _detector = (key is null ? services.GetRequiredService<IDetector>() : services.GetRequiredKeyedService<IDetector>(key)) as Detector;
        if (_detector is null)
        {
            return;
        }

        _settings = DetectorSettings.Parse(section.AsEnumerable(makePathsRelative: true), name);
        await Task.Run(_detector.WarmUp, cancellationToken);
        LogLoaded(_detector.Model);
        _detector.Reloaded += LogReload;
        _changes = ChangeToken.OnChange(section.GetReloadToken, ApplyConfiguration);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _changes?.Dispose();
        if (_detector is { } detector)
        {
            detector.Reloaded -= LogReload;
        }
    }

    private void ApplyConfiguration()
    {
        try
        {
            DetectorSettings settings = DetectorSettings.Parse(section.AsEnumerable(makePathsRelative: true), name);
            if (!string.Equals(settings.Path, _settings!.Path, StringComparison.Ordinal))
            {
                _settings = settings; // also if the reload fails: the same path is not tried again
                _detector!.Reload(settings.Path);
            }
        }
        catch (OptionException exception)
        {
            LogInvalidConfiguration(exception.Message);
        }
        catch (Exception exception) when (exception is FocalSharpException or ObjectDisposedException)
        {
            // LogReload has logged it, or the host stops.
        }
    }

    private void LogReload(object? sender, EventArgs e)
    {
        if (_detector!.ReloadError is { } error)
        {
            LogReloadFailed(error, _detector.Model.Name);
        }
        else
        {
            LogReloaded(_detector.Model);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model}.")]
    private partial void LogLoaded(ModelInfo model);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reloaded {Model}.")]
    private partial void LogReloaded(ModelInfo model);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new model cannot be used; {Model} stays in use.")]
    private partial void LogReloadFailed(Exception exception, string model);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed configuration is not valid and not applied: {Reason}")]
    private partial void LogInvalidConfiguration(string reason);
}
