using Microsoft.Extensions.Hosting;

namespace FocalSharp.Serving.Hosting;

/// <summary>Leaves Ctrl-C and other signals to the program that hosts the server.</summary>
internal sealed class NoOpHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
