using System.Globalization;

namespace FocalSharp.Load;

/// <summary>Options of a load test.</summary>
internal sealed record LoadOptions
{
    /// <summary>Address of the service. Default: http://127.0.0.1:8080.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>Number of concurrent clients. Default: 16.</summary>
    public int Clients { get; init; } = 16;

    /// <summary>Duration in seconds. Default: 60.</summary>
    public double Seconds { get; init; } = 60;

    /// <summary>Fraction of bad requests, 0 to 1. Default: 0.2.</summary>
    public double BadRequestFraction { get; init; } = 0.2;

    /// <summary>Folder of images to send. Default: generated images of several sizes.</summary>
    public string? Images { get; init; }

    /// <summary>The API key. Default: the environment variable <c>FOCALSHARP_API_KEY</c>.</summary>
    public string? ApiKey { get; init; } = Environment.GetEnvironmentVariable("FOCALSHARP_API_KEY");

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    public static LoadOptions Parse(string[] args)
    {
        LoadOptions options = new();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--url" => options with { Url = new Uri(value) },
                "--clients" => options with { Clients = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--bad" => options with { BadRequestFraction = double.Parse(value, CultureInfo.InvariantCulture) },
                "--images" => options with { Images = value },
                _ => throw new OptionException($"Unknown option '{args[i]}'. Options: --url --clients --seconds --bad --images."),
            };
        }

        return options;
    }
}
