using System.Text.Json.Serialization;

namespace FocalSharp.Serving.Http;

/// <summary>Serializes responses, with the names that <c>focalsharp predict</c> writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Hosting.Problem))]
[JsonSerializable(typeof(DetectResponse))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(IndexResponse))]
internal sealed partial class ServingJson : JsonSerializerContext;
