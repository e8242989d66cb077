using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// The description of a detector in the safetensors metadata of a FocalSharp model file: JSON under <see cref="MetadataKey"/>.
/// </summary>
internal sealed record DetectorHeader
{
    public const string MetadataKey = "focalsharp";

    /// <summary>Incremented when an older version would misunderstand the file. FocalSharp 0.1 wrote 1.</summary>
    public const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new PartOptionsConverter() },
    };

    public required int Format { get; init; }

    /// <summary>Gets the version of the library that wrote the file.</summary>
    public required string Library { get; init; }

    /// <summary>Gets the options that the weights fit, including class names.</summary>
    public required DetectorOptions Options { get; init; }

    /// <summary>Serializes the header.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Deserializes a header of this or an earlier format.</summary>
    /// <exception cref="ModelException">The format is newer than this version of the library.</exception>
    /// <exception cref="JsonException">The header is damaged.</exception>
    /// <exception cref="InvalidOperationException">The header is damaged.</exception>
    public static DetectorHeader Parse(string json)
    {
        JsonObject header = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })?.AsObject() ?? throw new JsonException("it is empty");
        int format = header["format"]?.GetValue<int>() ?? throw new JsonException("it has no format");
        if (format > CurrentFormat)
        {
            throw new ModelException($"its format {format} is newer than {CurrentFormat}, the newest that this version of FocalSharp reads. Update FocalSharp.");
        }

        if (format == 1 && header["options"] is JsonObject options)
        {
            DetectorHeaderUpgrade.FromFormat1(options);
        }

        return header.Deserialize<DetectorHeader>(Json)!;
    }
}
