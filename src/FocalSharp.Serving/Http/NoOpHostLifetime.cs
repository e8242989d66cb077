using Microsoft.Extensions.Hosting;

namespace FocalSharp.Serving.Http;

/// <summary>Leaves signals to the program that hosts the service, so that its second Ctrl-C still ends the process.</summary>
internal sealed class NoOpHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
