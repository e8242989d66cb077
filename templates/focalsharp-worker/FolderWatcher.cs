using System.Text.Json;
using FocalSharp;
using FocalSharp.Runtime;

namespace FocalSharpWorker;

/// <summary>Writes photo.jpg.json beside each photo.jpg of a folder: its objects, with boxes in pixels.</summary>
internal sealed class FolderWatcher(Detector detector, IConfiguration configuration, ILogger<FolderWatcher> logger) : BackgroundService
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp"];
    private readonly HashSet<string> _refused = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string folder = Path.GetFullPath(configuration["Folder"] ?? "images");
        Directory.CreateDirectory(folder);
        logger.LogInformation("Watching {Folder}", folder);
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        do
        {
            foreach (string path in Directory.EnumerateFiles(folder).Where(IsNew).Order())
            {
                await DetectAsync(path, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // A file that is still being written changes within a second.
    private bool IsNew(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())
        && !_refused.Contains(path) && !File.Exists(path + ".json") && File.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddSeconds(-1);

    private async Task DetectAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            Detections detections = await detector.DetectAsync(path, cancellationToken: cancellationToken);
            string json = JsonSerializer.Serialize(detections.Select(found => new
            {
                Class = detections.GetClassName(found), found.Score, found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2,
            }));
            await File.WriteAllTextAsync(path + ".json.tmp", json, cancellationToken);
            File.Move(path + ".json.tmp", path + ".json", overwrite: true);
            logger.LogInformation("{File}: {Count} objects", Path.GetFileName(path), detections.Count);
        }
        catch (FocalSharpException exception)
        {
            _refused.Add(path);
            logger.LogError("{Message}", exception.Message);
        }
    }
}
