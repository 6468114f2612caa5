using System.Globalization;

namespace Causeway.Compare.Rpc;

/// <summary>
/// The subjects that a process subscribes to when each room and participant has its own, by the names and numbers of psrpc on a NATS
/// bus: as it was on 8 March 2024, and after the rework of the days that followed.
/// </summary>
internal static class UsualSubjects
{
    private static readonly string[] Kinds = ["REQ", "RCLAIM"];
    private static readonly string[] RoomMethods = ["DeleteRoom", "SendData", "UpdateRoomMetadata"];
    private static readonly string[] ParticipantMethods = ["RemoveParticipant", "MutePublishedTrack", "UpdateParticipant", "UpdateSubscriptions"];
    private static readonly string[] Groups = ["", ".Q"];

    /// <summary>6 subjects for a room and 8 for each participant.</summary>
    public static IEnumerable<string> Before(int room, int participants) =>
        Named("Room", Room(room), RoomMethods).Concat(
            Enumerable.Range(0, participants).SelectMany(participant => Named("Participant", Participant(room, participant), ParticipantMethods)));

    /// <summary>2 subjects for a room and 2 for each participant.</summary>
    public static IEnumerable<string> After(int room, int participants) =>
        Grouped("Room", Room(room)).Concat(
            Enumerable.Range(0, participants).SelectMany(participant => Grouped("Participant", Participant(room, participant))));

    public static string Room(int room) => string.Create(CultureInfo.InvariantCulture, $"RM_room-{room:d6}");

    public static string Participant(int room, int participant) => string.Create(CultureInfo.InvariantCulture, $"{Room(room)}_participant-{participant:d2}");

    private static IEnumerable<string> Named(string service, string topic, string[] methods) =>
        methods.SelectMany(method => Kinds.Select(kind => $"SRV.{service}.{topic}.{method}.{kind}"));

    private static IEnumerable<string> Grouped(string service, string topic) => Groups.Select(group => $"SRV.{service}.{topic}{group}");
}
