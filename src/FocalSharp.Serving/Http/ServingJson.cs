using System.Text.Json.Serialization;

namespace FocalSharp.Serving.Http;

/// <summary>How answers are written: the names that <c>focalsharp predict</c> writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DetectAnswer))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(IndexAnswer))]
internal sealed partial class ServingJson : JsonSerializerContext;
